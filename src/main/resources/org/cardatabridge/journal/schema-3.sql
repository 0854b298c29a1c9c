-- The journal of cardata-bridge, version 3: trips and charges can be read like tables.

-- Trips as docs/derived.md describes them; one that was corrected counts once.
DROP VIEW IF EXISTS trips;
CREATE VIEW trips AS
  WITH rows AS (
    SELECT v.name AS vin,
           p.value -> 2 AS trip,
           row_number() OVER (PARTITION BY r.vehicle, p.value ->> '$[2].id'
                              ORDER BY r.hour * 3600000000 + (p.value ->> 0) + (p.value ->> 1) DESC) AS version
      FROM names k
      CROSS JOIN names v
      CROSS JOIN series r ON r.vehicle = v.id AND r.key = k.id
      JOIN json_each(r.points) p
     WHERE k.name = 'derived.trip.last')
  SELECT vin,
         trip ->> 'id' AS id,
         trip ->> 'start' AS start,
         trip ->> 'end' AS "end",
         trip ->> 'minutes' AS minutes,
         trip ->> 'distance' AS distance,
         trip ->> 'startOdometer' AS start_odometer,
         trip ->> 'endOdometer' AS end_odometer,
         trip ->> 'startStateOfCharge' AS start_state_of_charge,
         trip ->> 'endStateOfCharge' AS end_state_of_charge,
         trip ->> 'energy' AS energy,
         trip ->> 'consumption' AS consumption,
         trip ->> 'cost' AS cost,
         trip ->> '$.startPosition.latitude' AS start_latitude,
         trip ->> '$.startPosition.longitude' AS start_longitude,
         trip ->> 'startAtHome' AS start_at_home,
         trip ->> '$.endPosition.latitude' AS end_latitude,
         trip ->> '$.endPosition.longitude' AS end_longitude,
         trip ->> 'endAtHome' AS end_at_home
    FROM rows WHERE version = 1;

-- Charges as docs/derived.md describes them; one that was corrected counts once.
DROP VIEW IF EXISTS charge_sessions;
CREATE VIEW charge_sessions AS
  WITH rows AS (
    SELECT v.name AS vin,
           p.value -> 2 AS charge,
           row_number() OVER (PARTITION BY r.vehicle, p.value ->> '$[2].id'
                              ORDER BY r.hour * 3600000000 + (p.value ->> 0) + (p.value ->> 1) DESC) AS version
      FROM names k
      CROSS JOIN names v
      CROSS JOIN series r ON r.vehicle = v.id AND r.key = k.id
      JOIN json_each(r.points) p
     WHERE k.name = 'derived.charging.session')
  SELECT vin,
         charge ->> 'id' AS id,
         charge ->> 'start' AS start,
         charge ->> 'end' AS "end",
         charge ->> 'minutes' AS minutes,
         charge ->> 'chargingMinutes' AS charging_minutes,
         charge ->> 'startStateOfCharge' AS start_state_of_charge,
         charge ->> 'endStateOfCharge' AS end_state_of_charge,
         charge ->> 'energy' AS energy,
         charge ->> 'gridEnergy' AS grid_energy,
         charge ->> 'averagePower' AS average_power,
         charge ->> 'maxPower' AS max_power,
         charge ->> 'current' AS current,
         charge ->> 'odometer' AS odometer,
         charge ->> 'cost' AS cost,
         charge ->> '$.position.latitude' AS latitude,
         charge ->> '$.position.longitude' AS longitude,
         charge ->> 'atHome' AS at_home
    FROM rows WHERE version = 1;
